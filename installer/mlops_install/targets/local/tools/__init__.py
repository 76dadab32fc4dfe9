"""One file a tool: requirements, command, configuration, health."""
