# Placeholder room: the rule compiler moves in here (rules/*.toml -> embedded database).
