"""modbus_server.py PORT: libmodbus' server, which has sixteen of everything, for one client after
the other.
"""
import ctypes
import sys

SIZE = 260  # MODBUS_TCP_MAX_ADU_LENGTH


def main():
    modbus = ctypes.CDLL("libmodbus.so.5")
    modbus.modbus_new_tcp.restype = ctypes.c_void_p
    modbus.modbus_mapping_new.restype = ctypes.c_void_p
    server = ctypes.c_void_p(modbus.modbus_new_tcp(b"127.0.0.1", int(sys.argv[1])))
    mapping = ctypes.c_void_p(modbus.modbus_mapping_new(16, 16, 16, 16))
    listener = ctypes.c_int(modbus.modbus_tcp_listen(server, 1))
    query = ctypes.create_string_buffer(SIZE)
    while modbus.modbus_tcp_accept(server, ctypes.byref(listener)) >= 0:
        while (size := modbus.modbus_receive(server, query)) >= 0:
            modbus.modbus_reply(server, query, size, mapping)
        modbus.modbus_close(server)


if __name__ == "__main__":
    main()
