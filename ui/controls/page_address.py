"""The address of this page as other devices reach it: of the server in its network where the browser is on the server itself."""

import streamlit as st

from ui.lecture.addresses import for_other_devices, network_addresses


def server_addresses() -> list[str]:
    """Addresses of the application for other devices, the best first; none where only this computer reaches the server."""
    return network_addresses(
        int(st.get_option("server.port")),
        str(st.get_option("server.baseUrlPath")),
        bool(st.get_option("server.sslCertFile")),
        str(st.get_option("server.address") or ""),
    )


def page_url() -> str:
    """The address of this page without its query."""
    url = st.context.url or "http://localhost/"
    return for_other_devices(url, server_addresses(), str(st.get_option("server.baseUrlPath")))
