#!/bin/sh
# What a guest's image would do at boot, for a guest that is a network namespace. $1 is the guest's folder.
# A NIC is configured from the injected file if there is one, else by a real DHCP client, which stays to renew.
disk=$1
exec >>"$disk/console" 2>&1 </dev/null
echo $$ >"$disk/pid.new" && mv "$disk/pid.new" "$disk/pid"
ip link set lo up
if [ -f "$disk/root/etc/network/interfaces" ]; then
  mkdir -p "$disk/run"
  ifup --no-scripts -a -i "$disk/root/etc/network/interfaces" --state-dir "$disk/run"
else
  for nic in /sys/class/net/eth*; do
    nic=${nic##*/}
    [ "$nic" = "eth*" ] && break
    ip link set "$nic" up
    GUEST_DISK="$disk" udhcpc -f -S -i "$nic" -t 10 -T 1 -A 2 -O staticroutes -O mtu -s "$disk/lease" &
  done
fi
trap 'exit 0' TERM INT
while :; do
  sleep 3600 &
  wait $!
done
