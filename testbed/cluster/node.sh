#!/usr/bin/env bash
# The first process of a node: its end is a power loss. It runs in mount, pid, uts, ipc and network namespaces of its own.
# Environment: NODE, FOLDER with the node's files, BIN with the programs, IMAGES with image archives, LOGS.
set -euo pipefail
mount --make-rshared /
mount --bind "$FOLDER/lib" /var/lib
mount --bind "$FOLDER/log" /var/log
mount -t tmpfs tmpfs /run
hostname "$NODE"

# kubelet insists on some settings of the kernel, which belong to the host. It sees the values that it wants.
pretend() {
  local file=/run/sysctl-${1##*/}
  echo "$2" >"$file"
  mount --bind "$file" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend vm/panic_on_oom 0
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend kernel/keys/root_maxkeys 1000000
pretend kernel/keys/root_maxbytes 25000000

containerd --config "$FOLDER/containerd.toml" >"$LOGS/$NODE-containerd.log" 2>&1 &
until [ -S /run/containerd/containerd.sock ]; do sleep 0.2; done
for archive in "$IMAGES"/*.tar; do
  ctr -n k8s.io images import "$archive"
done >"$LOGS/$NODE-images.log" 2>&1
"$BIN/kubelet" --config "$FOLDER/kubelet.yaml" --kubeconfig "$FOLDER/kubelet.conf" --root-dir /var/lib/kubelet \
  --cert-dir /var/lib/kubelet/pki --hostname-override "$NODE" --node-ip "$ADDRESS" >"$LOGS/$NODE-kubelet.log" 2>&1 &
"$BIN/kube-proxy" --config "$FOLDER/proxy.yaml" >"$LOGS/$NODE-proxy.log" 2>&1 &
wait
