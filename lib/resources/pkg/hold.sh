# Puts packages on hold or takes them off. $1 hold|unhold  The rest: names.
verb=$1
shift
said=$(apt-mark "$verb" -- "$@")
printf '%s\n' "$said"
case $said in *' set on hold.'* | *' hold on '* | *'Canceled hold'*) exit 0 ;; esac
exit 117
