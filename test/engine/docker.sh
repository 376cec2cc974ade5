#!/bin/sh
# A command line like Docker's without an engine: it notes how it is called, and answers with the files beside it.
# It is called some 25 times for each proof, so it is a shell script of few processes.
folder=${0%/*}
end='
'
printf '%s\0' "$@" "$end" >> "$folder/calls"

side=$folder/after name='' tag='' last=''
for argument do
  case $argument in
    *-before-*) side=$folder/before ;;
  esac
  case $argument in
    --name=*) name=${argument#*=} ;;
    --tag=*) tag=${argument#*=} ;;
  esac
  last=$argument
done

# what the plan says, where it says something
say() { if [ -f "$side/$1" ]; then cat "$side/$1"; fi; }
refuse() { cat "$1" >&2; exit 1; }
# the name of a thing as that of a file
flat() {
  flat='' rest=$1
  while :; do
    case $rest in
      *[/:]*) flat=$flat${rest%%[/:]*}_ rest=${rest#*[/:]} ;;
      *) flat=$flat$rest; return ;;
    esac
  done
}
make() { flat "$2"; printf '%s' "$3" > "$folder/$1/$flat"; }
remove() {
  if [ -f "$folder/keeps-$1" ]; then
    echo "Error response: $1 is in use" >&2
    exit 1
  fi
  flat "$last"
  rm -f "$folder/$1/$flat"
}
number() {
  number=$2
  if [ -f "$side/$1" ]; then read -r number < "$side/$1"; fi
}

case "$1 $2" in
  version*) if [ -f "$folder/refuses" ]; then refuse "$folder/refuses"; else echo 20.10; fi ;;
  'context inspect') echo 'unix:///var/run/docker.sock' ;;
  build*)
    say buildLog
    ls -A "$last" > "$folder/context"
    if [ -f "$folder/hangs" ]; then exec sleep 60; fi
    if [ -f "$side/buildFails" ]; then refuse "$side/buildFails"; fi
    make images "$tag" ''
    ;;
  'image inspect') if [ -f "$folder/loses" ]; then echo 'No such image' >&2; exit 1; else say image; fi ;;
  'image save') if [ -f "$side/archive" ]; then say archive; else echo 'no space left' >&2; exit 1; fi ;;
  'image ls' | 'volume ls') ;;
  'image rm') remove images ;;
  'network create') make networks "$last" '' ;;
  'network ls') ls "$folder/networks" ;;
  'network rm') remove networks ;;
  'container ls') ls "$folder/containers" ;;
  'container rm') remove containers ;;
  'container create') make containers "$name" '"Running":false,"ExitCode":0' ;;
  'container start')
    if [ -f "$side/startFails" ]; then refuse "$side/startFails"; fi
    number ends ''
    if [ -n "$number" ]; then make containers "$last" "\"Running\":false,\"ExitCode\":$number"
    else make containers "$last" '"Running":true,"ExitCode":0'; fi
    ;;
  'container inspect')
    state='' health='' ports=''
    flat "$last"
    read -r state < "$folder/containers/$flat"
    if [ -f "$side/health" ]; then read -r health < "$side/health"; fi
    if [ -f "$side/ports" ]; then read -r ports < "$side/ports"; fi
    printf '[{"State":{%s%s},"NetworkSettings":{"Ports":{%s}}}]\n' "$state" "$health" "$ports"
    ;;
  'container logs') say log ;;
  'container diff') say writes ;;
  'container cp')
    if [ ! -f "$side/has" ] || ! grep -qxF "${3#*:}" "$side/has"; then echo 'no such file' >&2; exit 1; fi
    ;;
  'container exec')
    echo said
    number execCode 0
    exit "$number"
    ;;
  'container stop')
    number stopCode 0
    make containers "$last" "\"Running\":false,\"ExitCode\":$number"
    ;;
  *)
    echo "docker: unknown command $*" >&2
    exit 1
    ;;
esac
