"""The servers and processes that `manage.py up` and the tests run on one machine.

Standard library only: the supervisor stays small and starts fast.
"""
