# Masks what must differ between two runs of the same list, and nothing else:
#   - hardware addresses that the kind drew at random, and the link-local addresses made from them
#     (lists fix theirs as 02:00:00:…, so these are few);
#   - the counters of `ip -s`;
#   - remaining lifetimes, rounded up to fifties of seconds: 3599sec and 3600sec are the same, on a busy machine too;
#   - the time stamps of `ip -t monitor`;
#   - line numbers and process ids in messages of the shell.
# Commands as written in the list ("$ …") are left alone.

function random_macs(line,    out, mac) {
    out = ""
    while (match(line, /[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]/)) {
        mac = substr(line, RSTART, RLENGTH)
        if (mac !~ /^(02:00:00|02:ff:ff|00:00:00:00:00:00|ff:ff:ff:ff:ff:ff)/) mac = "RA:ND:OM:RA:ND:OM"
        out = out substr(line, 1, RSTART - 1) mac
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

function link_locals(line,    out, address) {
    out = ""
    while (match(line, /fe80::[0-9a-f]*:?[0-9a-f]*ff:fe[0-9a-f][0-9a-f]:[0-9a-f]+/)) {
        address = substr(line, RSTART, RLENGTH)
        if (address !~ /^fe80::ff:fe/) address = "fe80::RANDOM"
        out = out substr(line, 1, RSTART - 1) address
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

function lifetimes(line,    out, text, number, at) {
    out = ""
    while (match(line, /(valid_lft|preferred_lft|expires|valid_life_time":|preferred_life_time":|expires":) ?[0-9]+/)) {
        text = substr(line, RSTART, RLENGTH)
        match(text, /[0-9]+$/)
        number = substr(text, RSTART)
        at = RSTART
        if (number != "4294967295" && number + 0 > 0) number = int((number + 49) / 50) * 50
        text = substr(text, 1, at - 1) number
        match(line, /(valid_lft|preferred_lft|expires|valid_life_time":|preferred_life_time":|expires":) ?[0-9]+/)
        out = out substr(line, 1, RSTART - 1) text
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

/^\$ / { print; counters = 0; next }
{
    if (counters) { gsub(/[0-9]+/, "N"); gsub(/ +/, " "); counters = 0 }
    if ($0 ~ /^\|  +[RT]X( errors)?: /) { gsub(/ +/, " "); counters = 1 }
    gsub(/"(bytes|packets|errors|dropped|over_errors|multicast|carrier_errors|collisions)":[0-9]+/, "\"COUNTER\":N")
    gsub(/Timestamp: .* usec/, "Timestamp: T")
    gsub(/^\| \[[-0-9T:.]+\] ?/, "| [T]")
    print lifetimes(link_locals(random_macs($0)))
}
