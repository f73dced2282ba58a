#!/bin/bash
# make-nested-host.sh FOLDER PROGRAM: a compute host to boot under qemu, in FOLDER: vmlinuz and initrd. The kernel is Debian's for clouds, unpacked
# and never installed; the initramfs is busybox, the tools that an agent starts, .NET as it is installed here, and the folder PROGRAM.
set -euo pipefail
out=$1
program=$2
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
export PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -f "$out/vmlinuz" ]; then
    package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
    [ -n "$package" ] || { echo "apt knows no linux-image-cloud-amd64: apt-get update" >&2; exit 1; }
    (cd "$work" && apt-get -q download "$package")
    rm -rf "$out/kernel"
    dpkg -x "$work"/linux-image-*.deb "$out/kernel"
    depmod -b "$out/kernel" "$(basename "$out"/kernel/boot/vmlinuz-* | sed 's/^vmlinuz-//')"
    cp "$out"/kernel/boot/vmlinuz-* "$out/vmlinuz.new"
    mv "$out/vmlinuz.new" "$out/vmlinuz"
fi

version=$(basename "$out"/kernel/boot/vmlinuz-* | sed 's/^vmlinuz-//')
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,etc,tmp,run,modules,program,dotnet/shared}
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh mount insmod poweroff mkdir cat; do ln -s busybox "$root/bin/$applet"; done

# with_libraries FILE PLACE: a copy, and what it is linked with.
with_libraries() {
    mkdir -p "$root$(dirname "$2")"
    cp -L "$1" "$root$2"
    libraries "$1"
}
libraries() {
    { ldd "$1" 2>/dev/null || true; } | grep -o '/[^ )]*' | while read -r library; do
        [ -e "$root$library" ] || { mkdir -p "$root$(dirname "$library")"; cp -L "$library" "$root$library"; }
    done
}
for tool in ip nft ping setsid; do
    found=$(command -v "$tool")
    with_libraries "$found" "/usr/bin/$tool"
done

# Modules in the order in which they can be loaded: all of nftables', since its rules are the agent's to choose. What a kernel has built in, or
# lacks, is no reason to stop.
nft_modules=$(find "$out/kernel/lib/modules/$version" -name 'nft_*.ko*' -exec basename {} \; | sed 's/\.ko.*//' | sort)
for module in virtio_pci virtio_net veth bridge 8021q br_netfilter tun nf_tables nf_conntrack nf_conntrack_bridge $nft_modules; do
    { modprobe -d "$out/kernel" -S "$version" --show-depends "$module" 2>/dev/null || true; } | awk '/^insmod/ { print $2 }' |
        while read -r file; do
            name=$(basename "$file")
            [ -f "$root/modules/$name" ] || { cp "$file" "$root/modules/"; echo "$name" >>"$root/modules/order"; }
        done
done

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
cp "$dotnet/dotnet" "$root/dotnet/"
cp -r "$dotnet/host" "$root/dotnet/"
for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    newest=$(find "$dotnet/shared/$framework" -mindepth 1 -maxdepth 1 -name '10.*' | sort -V | tail -1)
    mkdir -p "$root/dotnet/shared/$framework"
    cp -r "$newest" "$root/dotnet/shared/$framework/"
done
for native in "$root/dotnet/dotnet" "$root"/dotnet/shared/Microsoft.NETCore.App/*/lib{coreclr,clrjit,System.Native,hostpolicy}.so; do
    libraries "$native"
done
# Digests are OpenSSL's, which .NET looks for by name.
for library in ssl crypto; do
    found=$(ldconfig -p | awk -v name="lib$library.so.3" '$1 == name { print $NF; exit }')
    with_libraries "$found" "$found"
done
cp -r "$program"/. "$root/program/"
cp "$here/init" "$root/init"
chmod 755 "$root/init"
echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"

# Not packed: unpacking costs an emulated processor more than reading does.
(cd "$root" && find . | cpio -o -H newc --quiet) >"$out/initrd.new"
mv "$out/initrd.new" "$out/initrd"
