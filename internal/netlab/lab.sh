#!/bin/sh
# Three network namespaces in a row: a client, a router that translates addresses and forgets, and a server.
#
#   lab.sh up NAME SECONDS   make them; the router forgets a flow that is silent for SECONDS
#   lab.sh silence NAME      from now on the router drops all packets, and says nothing
#   lab.sh down NAME         remove them; no error if there are none
#
# Interfaces are made inside the namespaces and nothing is routed out of them: the host's network is not touched. The
# server's address is 192.0.2.2, which is reserved for documentation. Needs root, iproute2 and nftables.
set -eu

do=$1 client=$2-client nat=$2-nat server=$2-server

case $do in
up)
	for ns in "$client" "$nat" "$server"; do
		ip netns add "$ns"
		ip -n "$ns" link set lo up
	done
	ip -n "$client" link add eth0 type veth peer name in netns "$nat"
	ip -n "$server" link add eth0 type veth peer name out netns "$nat"
	ip -n "$client" addr add 10.77.0.2/24 dev eth0
	ip -n "$nat" addr add 10.77.0.1/24 dev in
	ip -n "$nat" addr add 192.0.2.1/24 dev out
	ip -n "$server" addr add 192.0.2.2/24 dev eth0
	ip -n "$client" link set eth0 up
	ip -n "$nat" link set in up
	ip -n "$nat" link set out up
	ip -n "$server" link set eth0 up
	ip -n "$client" route add default via 10.77.0.1

	# What the packets of a forgotten flow meet is no answer at all: they belong to no connection (tcp_loose=0: none is
	# made of a packet that is not a SYN), and the router has no business of its own that could answer with a reset.
	ip netns exec "$nat" nft -f - <<-RULES
		table ip lab {
			chain translate {
				type nat hook postrouting priority srcnat; policy accept;
				oifname "out" masquerade
			}
			chain forward {
				type filter hook forward priority filter; policy drop;
				ct state established,related accept
				iifname "in" ct state new accept
			}
			chain input {
				type filter hook input priority filter; policy drop;
			}
		}
	RULES
	ip netns exec "$nat" sh -c '
		echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose
		echo "$1" >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established' sh "$3"
	;;
silence)
	ip netns exec "$nat" nft insert rule ip lab forward drop
	;;
down)
	for ns in "$client" "$nat" "$server"; do
		if ip netns list | grep -q "^$ns\( \|\$\)"; then
			ip netns pids "$ns" | xargs -r kill -9
			ip netns del "$ns"
		fi
	done
	;;
*)
	echo "lab.sh: $do?" >&2
	exit 2
	;;
esac
