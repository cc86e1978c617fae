"""What a map shows: a measure over one or two settings, as scene, Plotly figure, still picture and words. Pure."""
