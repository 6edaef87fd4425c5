# confined.sh <folder> <user> <program> <arguments>…: runs the program as that user, with everything read-only but the
# folder, as in a container with a read-only root. Needs root; ends with 97 where it cannot confine.
set -u
folder=$1 user=$2
shift 2
chown "$user:$user" "$folder" || exit 97
mount --make-rprivate / && mount --bind "$folder" "$folder" || exit 97
mounts=$(awk '{ print $5 }' /proc/self/mountinfo | grep -v -E '^/(proc|sys|dev)(/|$)')
for at in $mounts; do
  [ "$at" = "$folder" ] || mount -o remount,bind,ro "$at" 2>/dev/null
done
# Not even root may write now, neither beside the program nor above the folder.
touch "$(dirname "$1")/written" "$(dirname "$folder")/written-$$" 2>/dev/null && exit 97
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs env -u TMPDIR HOME=/nowhere "$@"
