"""Lectures: scene scripts, the rooms that follow them, and the pages below /live/. No Streamlit session."""
