#!/usr/bin/env escript
%% gen_tcp's own framings. HOW is the type in its option {packet, TYPE}. The types 1, 2 and 4
%% write and read a length of as many bytes; the others only find where a payload ends, and it is
%% received with its header, or its line end, and sent back as it is. Roles and output: console.py.
-mode(compile).

main(["server", How]) ->
    os:set_signal(sigterm, default),
    {ok, Listener} = gen_tcp:listen(0, options(How)),
    {ok, Port} = inet:port(Listener),
    io:format("listening ~b~n", [Port]),
    accept(Listener);
main(["client", How, Port, File]) ->
    {ok, Text} = file:read_file(File),
    Lines = binary:split(Text, <<"\n">>, [global]),
    Payloads = [ended(How, binary:decode_hex(Line)) || Line <- lists:droplast(Lines)],
    {ok, Socket} = gen_tcp:connect("127.0.0.1", list_to_integer(Port), options(How)),
    spawn_link(fun() -> [ok = gen_tcp:send(Socket, Payload) || Payload <- Payloads] end),
    [{ok, _} = receive_one(Socket) || _ <- Payloads],
    ok = gen_tcp:close(Socket).

options(How) ->
    [binary, {ip, {127, 0, 0, 1}}, {active, false}, {nodelay, true}, {buffer, 1 bsl 21},
     {packet, type(How)}].

type("line-crlf") -> line;
type([Digit]) -> Digit - $0;
type(How) -> list_to_existing_atom(How).

ended("line", Payload) -> <<Payload/binary, "\n">>;
ended("line-crlf", Payload) -> <<Payload/binary, "\r\n">>;
ended(_, Payload) -> Payload.

accept(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    echo(Socket),
    accept(Listener).

echo(Socket) ->
    case receive_one(Socket) of
        {ok, Payload} -> ok = gen_tcp:send(Socket, Payload), echo(Socket);
        {error, closed} -> gen_tcp:close(Socket)
    end.

receive_one(Socket) ->
    Received = gen_tcp:recv(Socket, 0),
    case Received of
        {ok, Payload} -> io:put_chars([binary:encode_hex(Payload), "\n"]);
        {error, _} -> ok
    end,
    Received.
