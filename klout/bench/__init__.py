"""Benchmarks: ratios of this product to a bare yardstick, both measured in one run, in turns."""
