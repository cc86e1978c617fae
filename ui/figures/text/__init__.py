"""What a run says of itself in words: its verdict, its sentences. Every one of them is read off numbers. Pure."""
