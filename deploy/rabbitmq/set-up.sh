#!/bin/sh
# Makes the RabbitMQ users of the services, each with what it needs and no more, and sets their passwords. Can be
# repeated, for example with new passwords. Needs rabbitmqctl, and the Erlang cookie of the broker.
#   NODE                                      the broker's node, default that of this machine
#   VHOST                                     default /
#   COMMAND_SIDE_PASSWORD, NOTIFICATION_PASSWORD
set -eu
: "${COMMAND_SIDE_PASSWORD:?}" "${NOTIFICATION_PASSWORD:?}"
vhost=${VHOST:-/}

control() {
    rabbitmqctl --quiet ${NODE:+--node "$NODE"} "$@"
}

user() { # name; the password comes on stdin, where other users of the machine can't read it
    if control list_users </dev/null | cut -f1 | grep -qx "$1"; then
        control change_password "$1"
    else
        control add_user "$1"
    fi
}

control await_startup
printf '%s\n' "$COMMAND_SIDE_PASSWORD" | user command_side
printf '%s\n' "$NOTIFICATION_PASSWORD" | user notification

# Both declare exchange and queues, so that either may start first. What they may configure, write and read:
queues='(product|order|user)\.[a-z.-]+'
# to bind a queue is to write to it and to read from the exchange; history goes by the default exchange, to any queue
control set_permissions -p "$vhost" command_side "^(microservice\.events|$queues)\$" "^(microservice\.events|amq\.default|$queues)\$" '^microservice\.events$'
# dead letters go by the default exchange, which checks call amq.default
control set_permissions -p "$vhost" notification "^(microservice\.events|$queues)\$" "^(amq\.default|$queues)\$" "^(microservice\.events|$queues)\$"
echo "the RabbitMQ users of the services are ready"
