"""The room where people drop files of networks: receive, preview, import, and what came of it."""
