"""Programs under supervision: written, started, guarded, asked, stopped, and ended when nothing knows them any more."""
