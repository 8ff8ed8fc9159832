// One end of a TLS connection with Java's JSSE: `client PORT CA` sends its input and prints what
// comes back, `server PAIR.p12` prints its port and returns what it gets.
import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class TlsPeer {
    static final char[] PASSWORD = "trying".toCharArray();
    static final InetAddress HERE = InetAddress.getLoopbackAddress();

    static void client(int port, String ca) throws Exception {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var file = new FileInputStream(ca)) {
            trusted.setCertificateEntry(
                "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        var settings = SSLContext.getInstance("TLS");
        settings.init(null, managers.getTrustManagers(), null);
        try (var socket = (SSLSocket) settings.getSocketFactory().createSocket(HERE, port)) {
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write(System.in.readAllBytes());
            socket.shutdownOutput();
            System.out.write(socket.getInputStream().readAllBytes());
            System.out.flush();
        }
    }

    static void server(String file) throws Exception {
        var pair = KeyStore.getInstance("PKCS12");
        try (var content = new FileInputStream(file)) {
            pair.load(content, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(pair, PASSWORD);
        var settings = SSLContext.getInstance("TLS");
        settings.init(managers.getKeyManagers(), null, null);
        var factory = settings.getServerSocketFactory();
        try (var listener = (SSLServerSocket) factory.createServerSocket(0, 5, HERE)) {
            System.out.println(listener.getLocalPort());
            while (true) {
                try (var socket = listener.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                }
            }
        }
    }

    public static void main(String[] words) throws Exception {
        if (words[0].equals("client")) {
            client(Integer.parseInt(words[1]), words[2]);
        } else {
            server(words[1]);
        }
    }
}
