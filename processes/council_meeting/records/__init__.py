"""What a meeting leaves in the database: its row, attendance, votes, results, protocol, order."""
