"""What every picture of a run shows, and how it is drawn. Pure: no Streamlit."""
