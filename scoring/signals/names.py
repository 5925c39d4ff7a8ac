"""What networks call themselves, also those that have no connector."""

from connectors import registry

NAMES: dict[str, str] = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "threads": "Threads",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "twitch": "Twitch",
    "github": "GitHub",
    "reddit": "Reddit",
    "stackexchange": "Stack Exchange",
    "hackernews": "Hacker News",
    "wikipedia": "Wikipedia",
    "pinterest": "Pinterest",
    "tumblr": "Tumblr",
    "foursquare": "Foursquare",
    "yammer": "Viva Engage (Yammer)",
    "klout": "Klout (+K)",
    "googleplus": "Google+",
    "bing": "Bing",
}


def network_name(network_id: str) -> str:
    """Return a network's own name; its id where it is not known."""
    connector = registry.CONNECTORS.get(network_id)
    return connector.NETWORK.name if connector else NAMES.get(network_id, network_id)
