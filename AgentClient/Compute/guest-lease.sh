#!/bin/sh
# udhcpc's script: sets what the lease says (busybox, examples/udhcp/simple.script).
case "$1" in
  deconfig)
    ip -4 addr flush dev "$interface"
    ip link set "$interface" up
    ;;
  bound | renew)
    ip addr replace "$ip/${mask:-24}" ${broadcast:+broadcast "$broadcast"} dev "$interface"
    [ -n "$mtu" ] && ip link set "$interface" mtu "$mtu"
    for gateway in $router; do
      ip route replace default via "$gateway" dev "$interface"
      break
    done
    for server in $dns; do
      echo "nameserver $server"
    done >"$GUEST_DISK/resolv.conf"
    echo "lease $interface $ip/$mask router=$router dns=$dns mtu=$mtu"
    ;;
esac
