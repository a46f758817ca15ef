import NIOCore
import NIOHTTP1

/// One connection to the fake: collects a request, asks the desk, and sends what it says in the way it says.
final class FakeDingTalkConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private static let bodyLimit = 1 << 20

    private let desk: FakeDingTalkDesk
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(desk: FakeDingTalkDesk) {
        self.desk = desk
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            guard body.count + part.readableBytes <= Self.bodyLimit else { return context.close(promise: nil) }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let reply = desk.reply(
                method: head.method.rawValue, target: head.uri,
                token: head.headers.first(name: "x-acs-dingtalk-access-token"), body: body
            )
            let channel = context.channel
            let isKeptOpen = head.isKeepAlive
            if reply.delayMilliseconds == 0 {
                Self.send(reply, on: channel, keepsOpen: isKeptOpen)
            } else {
                context.eventLoop.scheduleTask(in: .milliseconds(Int64(reply.delayMilliseconds))) {
                    Self.send(reply, on: channel, keepsOpen: isKeptOpen)
                }
            }
        }
    }

    private static func send(_ reply: FakeDingTalkDesk.Reply, on channel: any Channel, keepsOpen: Bool) {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        head.headers.add(name: "content-type", value: reply.contentType)
        head.headers.add(name: "content-length", value: String(reply.body.count))
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        let sent = reply.isCut ? reply.body.prefix(reply.body.count / 2) : reply.body[...]
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: sent))), promise: nil)
        guard !reply.isCut else {
            channel.flush()
            return channel.close(promise: nil)
        }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
            if !keepsOpen { channel.close(promise: nil) }
        }
    }
}
