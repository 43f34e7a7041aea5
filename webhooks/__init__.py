"""The post-room: what leaves the house and what comes in from other systems."""
