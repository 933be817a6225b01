"""The REST API and the pages.

`src.webservice` is the door to this room.
"""
