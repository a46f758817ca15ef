import Connectors
import Kernel
import NIOCore
import NIOPosix
import Pipeline
import Synchronization
import Testing

@Suite("GenericConnector writing back")
struct GenericWriteBackTests {
    /// A receiver that keeps what it was sent and answers as it was told.
    final class Receiver: Sendable {
        private let received = Mutex<[String]>([])
        private let answer: String
        private let channel = Mutex<(any Channel)?>(nil)

        init(answer: String) {
            self.answer = answer
        }

        var requests: [String] { received.withLock { $0 } }

        func start() async throws -> Int {
            let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Connection(receiver: self))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            channel.withLock { $0 = bound }
            return bound.localAddress?.port ?? 0
        }

        func stop() async throws { try await channel.withLock { $0 }?.close() }

        fileprivate func take(_ text: String) -> String? {
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let length =
                text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
            guard text[end.upperBound...].utf8.count >= length else { return nil }
            received.withLock { $0.append(text) }
            return "HTTP/1.1 \(answer)\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let receiver: Receiver
        private var bytes: [UInt8] = []

        init(receiver: Receiver) {
            self.receiver = receiver
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            guard let answer = receiver.take(String(decoding: bytes, as: UTF8.self)) else { return }
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: answer)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    @Test("sends an event that the receiver can prove")
    func signed() async throws {
        let found = try await Self.send("204 No Content")
        #expect(found.code == nil)
        let request = try #require(found.requests.first)
        let parts = request.components(by: "\r\n\r\n")
        var headers: [String: String] = [:]
        for line in parts[0].components(by: "\r\n").dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[pair[0].lowercased()] = String(pair[1].drop { $0 == " " }) }
        }
        let webhook = try #require(StandardWebhook(secrets: [GenericConnectorTests.secret]))
        let id = try webhook.verify(headers: headers, body: Array(parts[1].utf8), now: ConnectorsFixtures.now)
        #expect(id == DingTalkConnectorTests.receiptKey)
        let event = try JSON(parsing: parts[1])
        #expect(event["type"]?.string == "voucher.posted")
        #expect(event["data"]?["approval"]?["instance"]?.string == "i")
    }

    @Test(
        "understands what the receiver answers",
        arguments: [
            ("200 OK", nil, nil), ("410 Gone", "connector.refused", false),
            ("400 Bad Request", "connector.refused", false),
            ("429 Slow\r\nretry-after: 7", "connector.throttled", true), ("500 Oops", "connector.unreachable", true),
            ("302 Found\r\nlocation: http://169.254.169.254/", "connector.refused", false),
        ] as [(String, String?, Bool?)]
    )
    func answers(answer: String, code: String?, isTransient: Bool?) async throws {
        let found = try await Self.send(answer)
        #expect(found.code == code)
        #expect(found.isTransient == isTransient)
        #expect(found.requests.count == 1)
    }

    private static func send(_ answer: String) async throws -> (code: String?, isTransient: Bool?, requests: [String]) {
        let receiver = Receiver(answer: answer)
        let port = try await receiver.start()
        let options: JSON = [
            "callback_url": .string("http://127.0.0.1:\(port)/hook"), "allowed_hosts": [.string("127.0.0.1:\(port)")],
            "allow_http": true,
        ]
        let http = SafeHTTP()
        var failure: ConnectorError?
        do throws(ConnectorError) {
            try await GenericConnectorTests.connector(options: options, http: http).writeBack(
                DingTalkConnectorTests.receipt("i"))
        } catch {
            failure = error
        }
        await http.shutdown()
        try await receiver.stop()
        return (failure?.problem.code, failure?.isTransient, receiver.requests)
    }
}

extension String {
    fileprivate func components(by mark: String) -> [String] {
        guard let range = firstRange(of: mark) else { return [self] }
        return [String(self[..<range.lowerBound])] + String(self[range.upperBound...]).components(by: mark)
    }
}
