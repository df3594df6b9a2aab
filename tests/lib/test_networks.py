"""How wide a net the throttle casts: one household."""

import pytest

from app.lib.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        (None, "unknown"),
        ("a unix socket", "unknown"),
        ("999.1.1.1", "unknown"),
    ],
)
def test_the_network_of_an_address(address, network):
    assert network_of(address) == network


def test_addresses_of_one_household_count_together():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:ffff:ffff:ffff")


def test_neighbours_do_not_count_together():
    assert network_of("192.0.2.7") != network_of("192.0.2.8")
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8:0:2::1")
