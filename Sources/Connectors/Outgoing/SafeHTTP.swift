import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import Pipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The one way out of the program to an OA: calls listed hosts only, at the address that was checked, without
/// redirects, within limits of size and time.
package final class SafeHTTP: Sendable {
    private let resolver: HostResolver
    private let pool = ClientPool()

    package init(resolver: HostResolver = .system) {
        self.resolver = resolver
    }

    /// One call to be made.
    package struct Call: Sendable {
        package var method: String
        package var address: String
        package var headers: [(String, String)] = []
        package var body: [UInt8] = []
        /// Whether making the call twice does no harm; otherwise a lost answer is reported as an unknown outcome.
        package var isRepeatable = true
        package var timeoutSeconds: Int64 = 15
        package var sizeLimit = 1 << 20

        package init(_ method: String, _ address: String) {
            self.method = method
            self.address = address
        }
    }

    package struct Answer: Sendable {
        package let status: Int
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    /// Makes a call. An answer of any status is an answer; what it means is for the caller.
    package func send(_ call: Call, for connector: String, rules: AddressRules) async throws(ConnectorError) -> Answer {
        let address: WebAddress
        do {
            address = try WebAddress(call.address)
        } catch {
            let shown = String(call.address.prefix { $0 != "?" }.prefix(200))
            throw .forbiddenAddress(connector: connector, address: shown, reason: error.reason)
        }
        if let reason = rules.refusal(of: address) {
            throw .forbiddenAddress(connector: connector, address: address.shown, reason: reason)
        }
        let ip: IPAddress
        do {
            ip = try await resolver.address(of: address.host)
        } catch {
            throw .unreachable(connector: connector, address: address.shown, reason: "\(address.host): \(error)")
        }
        if let reason = rules.refusal(of: ip, for: address) {
            throw .forbiddenAddress(connector: connector, address: address.shown, reason: reason)
        }
        let client = await pool.borrow(host: address.host, ip: ip)
        let result = await exchange(call, address, client, connector)
        await pool.giveBack(host: address.host, ip: ip)
        return try result.get()
    }

    package func shutdown() async {
        await pool.shutdown()
    }

    private func exchange(
        _ call: Call, _ address: WebAddress, _ client: HTTPClient, _ connector: String
    ) async -> Result<Answer, ConnectorError> {
        var request = HTTPClientRequest(url: address.text)
        request.method = HTTPMethod(rawValue: call.method)
        request.headers.add(name: "host", value: Self.hostHeader(address))
        request.headers.add(name: "user-agent", value: "pingqiao/1")
        request.headers.add(name: "accept-encoding", value: "identity")
        for (name, value) in call.headers { request.headers.replaceOrAdd(name: name, value: value) }
        if !call.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: call.body)) }
        do {
            let deadline = NIODeadline.now() + .seconds(call.timeoutSeconds)
            let response = try await client.execute(request, deadline: deadline)
            var body: [UInt8] = []
            for try await part in response.body {
                // The client's own deadline ends with the head; a body that drips would never end.
                guard NIODeadline.now() < deadline else { throw HTTPClientError.deadlineExceeded }
                guard body.count + part.readableBytes <= call.sizeLimit else {
                    let size = body.count + part.readableBytes
                    return .failure(.tooLarge(connector: connector, bytes: size, limit: call.sizeLimit))
                }
                body.append(contentsOf: part.readableBytesView)
            }
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            return .success(Answer(status: Int(response.status.code), headers: headers, body: body))
        } catch {
            return .failure(meaning(of: error, call, address, connector))
        }
    }

    private func meaning(
        of error: any Error, _ call: Call, _ address: WebAddress, _ connector: String
    ) -> ConnectorError {
        if !call.isRepeatable, Self.mayHaveArrived(error) {
            return .outcomeUnknown(connector: connector, address: address.shown)
        }
        return .unreachable(connector: connector, address: address.shown, reason: "\(error)")
    }

    /// Only what fails before a connection stands is surely not sent.
    private static func mayHaveArrived(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return false }
        if let error = error as? IOError {
            return ![ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
        }
        guard let error = error as? HTTPClientError else { return true }
        let before: [HTTPClientError] = [
            .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .alreadyShutdown,
        ]
        return !before.contains(error)
    }

    private static func hostHeader(_ address: WebAddress) -> String {
        let name = address.host.contains(":") ? "[\(address.host)]" : address.host
        return address.port == (address.isSecure ? 443 : 80) ? name : "\(name):\(address.port)"
    }
}
