import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix

/// The loopback server of the simulators: hands each request to a function, and sends what it says in the way it says.
final class FakeServer: Sendable {
    /// A request as a simulator sees it.
    struct Request: Sendable {
        let method: String
        /// With the query, as it was sent.
        let target: String
        /// Names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        var path: String { String(target.prefix { $0 != "?" }) }

        var query: [String: String] {
            var query: [String: String] = [:]
            for pair in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { query[String(parts[0])] = PercentEncoding.decode(String(parts[1])) }
            }
            return query
        }
    }

    /// An answer and how it is sent.
    struct Reply: Sendable {
        var status = 200
        var body: [UInt8] = []
        var contentType = "application/json"
        var headers: [(String, String)] = []
        var delayMilliseconds = 0
        /// Ends the connection after half of the body.
        var isCut = false

        init(_ json: JSON, status: Int = 200) {
            self.status = status
            body = json.utf8
        }

        init(file: [UInt8]) {
            body = file
            contentType = "application/octet-stream"
        }
    }

    typealias Answer = @Sendable (Request) -> Reply

    let port: Int
    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    /// Starts on 127.0.0.1; port 0 takes a free one.
    static func start(port: Int = 0, answer: @escaping Answer) async throws -> FakeServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(FakeConnection(answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return FakeServer(channel: channel)
    }

    var base: String { "http://127.0.0.1:\(port)" }

    func stop() async throws {
        try await channel.close()
    }
}

/// One connection: collects a request, asks for the answer, and sends it.
private final class FakeConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private static let bodyLimit = 1 << 20

    private let answer: FakeServer.Answer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(answer: @escaping FakeServer.Answer) {
        self.answer = answer
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
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let reply = answer(
                FakeServer.Request(method: head.method.rawValue, target: head.uri, headers: headers, body: body)
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

    private static func send(_ reply: FakeServer.Reply, on channel: any Channel, keepsOpen: Bool) {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        head.headers.add(name: "content-type", value: reply.contentType)
        head.headers.add(name: "content-length", value: String(reply.body.count))
        for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
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
