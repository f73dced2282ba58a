#!/bin/sh
# What a guest's image would do at boot, for a guest that is a network namespace. $1 is the guest's folder.
# A NIC is configured when it appears, also one that is plugged later: from the injected file if there is one, else by a
# real DHCP client, which stays to renew.
disk=$1
interfaces=$disk/root/etc/network/interfaces
exec >>"$disk/console" 2>&1 </dev/null
trap 'exit 0' TERM INT
echo $$ >"$disk/pid.new" && mv "$disk/pid.new" "$disk/pid"
mkdir -p "$disk/run"
ip link set lo up

configure() {
  if [ -f "$interfaces" ]; then
    ifup --no-scripts --force -i "$interfaces" --state-dir "$disk/run" "$1"
    return
  fi
  # The client of a NIC that was pulled out does not notice.
  [ -f "$disk/run/$1.pid" ] && kill "$(cat "$disk/run/$1.pid")" 2>/dev/null
  ip link set "$1" up
  GUEST_DISK="$disk" udhcpc -f -S -i "$1" -p "$disk/run/$1.pid" -t 10 -T 1 -A 2 -O staticroutes -O mtu -s "$disk/lease" &
}

seen=
while :; do
  for nic in /sys/class/net/eth*; do
    [ -e "$nic/ifindex" ] || continue
    read -r index <"$nic/ifindex"
    case "$seen " in *" $nic:$index "*) continue ;; esac
    seen="$seen $nic:$index"
    configure "${nic##*/}"
  done
  sleep 1 &
  wait $!
done
