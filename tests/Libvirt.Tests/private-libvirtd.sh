#!/bin/bash
# private-libvirtd.sh FOLDER NETNS: a libvirtd of a test's own. It runs in the network namespace, where its guests' links then are, and in a mount
# namespace with folders of its own, so that it and the machine's know nothing of each other. Its socket is FOLDER/sock/libvirt-sock.
# Run it again to start libvirtd again: guests and virtlogd stay.
set -euo pipefail
folder=$1
space=$2
export PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$folder"/{run,var,etc,log,cache,sock}
chmod 755 "$folder" "$folder"/*
if [ ! -f "$folder/libvirtd.conf" ]; then
    cat >"$folder/libvirtd.conf" <<END
unix_sock_dir = "$folder/sock"
auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_rw_perms = "0700"
log_outputs = "3:file:$folder/log/libvirtd.log"
END
    printf '%s\n' 'user = "root"' 'group = "root"' 'security_driver = "none"' >"$folder/etc/qemu.conf"
    # libvirtd will not start without the user that Debian's runs guests as, which comes with a package that starts a libvirtd for the machine.
    for list in passwd group; do
        grep -v '^libvirt-qemu:' "/etc/$list" >"$folder/$list"
    done
    echo 'libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin' >>"$folder/passwd"
    echo 'libvirt-qemu:x:64055:' >>"$folder/group"
fi
start='
    set -e
    for pair in run:/run/libvirt var:/var/lib/libvirt etc:/etc/libvirt log:/var/log/libvirt cache:/var/cache/libvirt; do
        mkdir -p "${pair#*:}"
        mount --bind "$0/${pair%%:*}" "${pair#*:}"
    done
    mount --bind "$0/passwd" /etc/passwd
    mount --bind "$0/group" /etc/group
    virtlogd -d -p "$0/virtlogd.pid"
    exec libvirtd -d -f "$0/libvirtd.conf" -p "$0/libvirtd.pid"'
if [ -f "$folder/virtlogd.pid" ]; then
    exec nsenter -t "$(cat "$folder/virtlogd.pid")" -m -n libvirtd -d -f "$folder/libvirtd.conf" -p "$folder/libvirtd.pid"
fi
exec ip netns exec "$space" unshare -m bash -c "$start" "$folder"
