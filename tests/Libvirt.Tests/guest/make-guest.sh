#!/bin/bash
# make-guest.sh FOLDER: a guest for tests in FOLDER: vmlinuz and initrd. The kernel is Debian's for clouds, unpacked and never installed; the
# initramfs is busybox, the modules of virtio's NIC and the init beside this script.
set -euo pipefail
out=$1
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$PATH:/usr/sbin:/sbin

if [ ! -f "$out/vmlinuz" ]; then
    package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
    [ -n "$package" ] || { echo "apt knows no linux-image-cloud-amd64: apt-get update" >&2; exit 1; }
    (cd "$work" && apt-get -q download "$package")
    dpkg -x "$work"/linux-image-*.deb "$work/kernel"
    version=$(basename "$work"/kernel/boot/vmlinuz-*)
    version=${version#vmlinuz-}
    depmod -b "$work/kernel" "$version"
    mkdir -p "$work/modules"
    for module in virtio_pci virtio_net; do
        modprobe -d "$work/kernel" -S "$version" --show-depends "$module" | awk '/^insmod/ { print $2 }' |
            while read -r file; do
                name=$(basename "$file")
                [ -f "$work/modules/$name" ] || { cp "$file" "$work/modules/"; echo "$name" >>"$work/modules/order"; }
            done
    done
    rm -rf "$out/modules"
    mv "$work/modules" "$out/modules"
    cp "$work/kernel/boot/vmlinuz-$version" "$out/vmlinuz.new"
    mv "$out/vmlinuz.new" "$out/vmlinuz"
fi

root=$work/root
mkdir -p "$root"/{bin,dev,proc,sys,etc,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$out"/modules/* "$root/modules/"
cp "$here/init" "$here/lease" "$root/"
chmod 755 "$root/init" "$root/lease"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out/initrd.new"
mv "$out/initrd.new" "$out/initrd"
chmod 644 "$out/vmlinuz" "$out/initrd"
