#!/bin/bash
# Exit code 0 when the service on this machine is ready. With bash only: the runtime image has no curl.
#   HEALTH_PORT   where it is asked
#   HEALTH_PATH   what is asked for; readiness of a service by default
set -u
exec 3<>"/dev/tcp/127.0.0.1/${HEALTH_PORT:?}" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "${HEALTH_PATH:-/actuator/health/readiness}" >&3
read -r -t 4 _ status _ <&3 || exit 1
[ "$status" = 200 ]
