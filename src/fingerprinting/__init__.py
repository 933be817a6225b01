"""How the fingerprints of folders and files are taken and kept; `src.fingerprinter` is the door to this room."""
