# Multiplies: GET /6/7 answers with JSON.
use strict;
use warnings;
use Getopt::Long;
use IO::Socket::INET;
use JSON::PP;

my $port = 8000;
GetOptions('port=i' => \$port) or die "usage: tables.pl [--port PORT]\n";
$SIG{TERM} = sub { exit 0 };

my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $port, Listen => 16, ReuseAddr => 1)
    or die "port $port: $!\n";
while (1) {
    my $client = $server->accept or next;
    my ($one, $two) = (<$client> // '') =~ m{^GET /(\d+)/(\d+) };
    while (my $line = <$client>) { last if $line =~ /^\r?$/ }
    my $body = defined $two ? JSON::PP->new->canonical->encode({ product => $one * $two }) : '{}';
    my $status = defined $two ? '200 OK' : '404 Not Found';
    print $client "HTTP/1.1 $status\r\nContent-Length: ", length $body, "\r\nConnection: close\r\n\r\n$body";
    close $client;
}
