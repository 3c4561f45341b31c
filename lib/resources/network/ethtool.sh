# Functions that set a card's driver, and see that the link comes back.
slab_card_set() { # DEVICE PART WORDS…: says what the driver said when it refuses
  device=$1 part=$2
  shift 2
  code=0
  said=$(LC_ALL=C ethtool "$part" "$device" "$@" 2>&1) || code=$?
  # 80: nothing to be changed
  case $code in 0 | 80) return 0 ;; esac
  echo "the driver of $device refuses $*: $(printf '%s' "$said" | tr '\n' ' ')"
  return 1
}

slab_card_link() { # DEVICE BEFORE: waits until its link is up again, as far as it was, and its bond takes it
  tries=40
  until {
    [ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ] &&
      { [ ! -e "/sys/class/net/$1/bonding_slave" ] || [ "$(cat "/sys/class/net/$1/bonding_slave/mii_status")" = up ]; }
  } || [ "$2" != 1 ]; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "the link of $1 does not come back"
      return 1
    fi
    sleep 0.25 2>/dev/null || sleep 1
  done
}
