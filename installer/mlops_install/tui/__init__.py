"""The guided setup as a full-screen program (Textual)."""
