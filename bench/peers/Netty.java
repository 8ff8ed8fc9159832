// Echo of digits:10 frames with Netty, as its user guide decodes and echoes. Per read: what its
// allocator guesses (1 to 64 KiB); frames are slices of it, written uncopied, flushed together.

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

public final class Netty {
    static final int HEADER_SIZE = 10;
    static final int PAYLOAD_MAX = 16 << 20;

    static final class DecimalDecoder extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < HEADER_SIZE) {
                return;
            }
            long length = 0;
            for (int i = 0; i < HEADER_SIZE; ++i) {
                int digit = in.getByte(in.readerIndex() + i) - '0';
                if (digit < 0 || digit > 9) {
                    throw new CorruptedFrameException("not ten digits");
                }
                length = length * 10 + digit;
            }
            if (length > PAYLOAD_MAX) {
                throw new CorruptedFrameException("longer than 16 MiB");
            }
            if (in.readableBytes() >= HEADER_SIZE + length) {
                out.add(in.readRetainedSlice(HEADER_SIZE + (int) length));
            }
        }
    }

    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            context.write(frame);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    public static void main(String[] words) throws Exception {
        NioEventLoopGroup loop = new NioEventLoopGroup(1);
        new ServerBootstrap()
                .group(loop, loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new DecimalDecoder(), new Echo());
                    }
                })
                .bind("127.0.0.1", words.length == 1 ? Integer.parseInt(words[0]) : 0)
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }
}
