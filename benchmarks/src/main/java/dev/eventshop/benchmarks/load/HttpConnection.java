package dev.eventshop.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that has one request under way at a time. It reads as much of HTTP/1.1 as the servers here speak. */
final class HttpConnection {

    /** The answer is not there yet. */
    static final int INCOMPLETE = -1;

    /** The connection broke before there was an answer. */
    static final int BROKEN = 0;

    private static final String CHUNKED = "transfer-encoding: chunked";
    private static final String CLOSE = "connection: close";
    private static final String LENGTH = "content-length:";

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(16 * 1024);
    private long due;
    private boolean open = true;
    private boolean busy;

    HttpConnection(int port, Selector selector) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    boolean isOpen() {
        return open;
    }

    /** @return whether there is a request that is not answered yet */
    boolean isBusy() {
        return busy;
    }

    /** @return when the request should have been sent, by {@link System#nanoTime()} */
    long due() {
        return due;
    }

    void send(byte[] request, long due) throws IOException {
        this.due = due;
        busy = true;
        answer.clear();
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) { // fits into the socket's buffer
            channel.write(bytes);
        }
    }

    /** @return the status of the answer, {@link #INCOMPLETE} or {@link #BROKEN} */
    int receive() throws IOException {
        int read;
        try {
            read = channel.read(answer);
        } catch (IOException reset) {
            read = -1;
        }
        if (read < 0) {
            close();
            return finish(busy ? BROKEN : INCOMPLETE); // nobody waits for an idle one
        }
        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        int headersEnd = text.indexOf("\r\n\r\n");
        if (headersEnd < 0) {
            return INCOMPLETE;
        }
        String headers = text.substring(0, headersEnd + 2).toLowerCase(Locale.ROOT);
        if (!isComplete(headers, text.length() - headersEnd - 4, text)) {
            return INCOMPLETE;
        }
        if (headers.contains(CLOSE)) {
            close();
        }
        return finish(Integer.parseInt(text.substring(9, 12)));
    }

    private int finish(int result) {
        busy = false;
        return result;
    }

    private static boolean isComplete(String headers, int bodyLength, String text) {
        if (headers.contains(CHUNKED)) {
            return text.endsWith("0\r\n\r\n");
        }
        int length = headers.indexOf(LENGTH);
        if (length < 0) {
            return true;
        }
        int lineEnd = headers.indexOf('\r', length);
        return bodyLength
                >= Integer.parseInt(
                        headers.substring(length + LENGTH.length(), lineEnd).trim());
    }

    private void close() throws IOException {
        open = false;
        channel.close();
    }
}
