"""Everything that touches the insides of Streamlit."""
