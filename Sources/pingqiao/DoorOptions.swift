import ArgumentParser
import Connectors
import Foundation
import Kernel
import Logging
import Pipeline
import Server

/// Where a command that changes something does its work: at a running server, or on the books while none runs.
struct DoorOptions: ParsableArguments {
    @OptionGroup var place: PlaceOptions

    @Option(
        help: ArgumentHelp("A running server, such as http://127.0.0.1:8080; without it the books are opened here."))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "File with the token of `pingqiao sign-in`; PINGQIAO_TOKEN without it. For --server only.",
            valueName: "file"
        )
    )
    var tokenFile: String?

    /// Opens the way to the API for one command and closes it again.
    func withAPI(
        in language: Language, token: String? = nil, _ work: (API) async throws -> Void
    ) async throws {
        if let server {
            let http = SafeHTTP()
            let remote = RemoteAPI(
                address: server, token: try token ?? givenToken(), http: http, language: language
            )
            do {
                try await work(API(remote.ask))
            } catch {
                await http.shutdown()
                throw error
            }
            return await http.shutdown()
        }
        var logger = Logger(label: "pingqiao", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let composition = try await Composition.open(place.place(), logger: logger)
        do {
            let door = LocalDoor(try composition.serverRooms(), logger: logger)
            try await work(API { try await door.ask($0, $1, $2, language: language) })
        } catch {
            try await composition.close()
            throw error
        }
        try await composition.close()
    }

    private func givenToken() throws -> String? {
        guard let tokenFile else { return ProcessInfo.processInfo.environment["PINGQIAO_TOKEN"] }
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw ValidationError("--token-file cannot be read: \(tokenFile)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The HTTP API as commands ask it.
struct API {
    private let exchange: (String, String, JSON?) async throws -> (status: Int, answer: JSON)

    init(_ exchange: @escaping (String, String, JSON?) async throws -> (status: Int, answer: JSON)) {
        self.exchange = exchange
    }

    /// Asks, and gives the JSON of an answer that says yes.
    func ask(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let (status, answer) = try await exchange(method, path, body)
        guard (200..<300).contains(status) else { throw try AnsweredProblem(answer, status: status) }
        return answer
    }

    /// One part of a path.
    static func part(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}

/// The API of a running server.
struct RemoteAPI {
    let address: String
    let token: String?
    let http: SafeHTTP
    let language: Language

    func ask(_ method: String, _ path: String, _ body: JSON?) async throws -> (status: Int, answer: JSON) {
        var call = SafeHTTP.Call(method, address.trimmingSuffix("/") + path)
        call.headers = [("accept-language", language.rawValue), ("content-type", "application/json")]
        if let token { call.headers.append(("authorization", "Bearer " + token)) }
        call.body = body?.utf8 ?? []
        call.isRepeatable = method == "GET"
        do {
            let host = try WebAddress(call.address)
            let name = host.host.contains(":") ? "[\(host.host)]" : host.host
            // Whoever types the address of a server means it, also on this machine and without TLS.
            let rules = AddressRules(listed: ["\(name):\(host.port)"], allowsPlainHTTP: true)
            let answer = try await http.send(call, for: "server", rules: rules)
            return (answer.status, try JSON(parsing: answer.body))
        } catch let error as WebAddress.Refusal {
            throw RemoteError.unreachable(address, reason: error.reason)
        } catch let error as ConnectorError {
            throw RemoteError.unreachable(address, reason: error.problem.cause)
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

/// A problem that the API answered with, told again in the one language it came in.
struct AnsweredProblem: Explainable {
    let problem: Problem

    init(_ answer: JSON, status: Int) throws(RemoteError) {
        func phrase(_ name: String) -> JSON { ["zh": answer[name] ?? "", "en": answer[name] ?? ""] }
        let told = JSON.object([
            ("code", answer["code"] ?? .null), ("title", phrase("title")), ("location", phrase("instance")),
            ("cause", phrase("detail")), ("remedy", phrase("remedy")),
        ])
        guard let problem = Problem(json: told) else { throw .unreadable(status: status) }
        self.problem = problem
    }
}

/// Why a running server cannot be asked.
enum RemoteError: Error, Hashable {
    case unreachable(String, reason: Phrase)
    case unreadable(status: Int)
}

extension RemoteError: Explainable {
    var problem: Problem {
        switch self {
        case .unreachable(let address, let reason):
            Problem(
                code: "store.server_unreachable",
                title: Phrase(zh: "连不上服务。", en: "The server cannot be reached."),
                location: Phrase(zh: address, en: address),
                cause: reason,
                remedy: Phrase(
                    zh: "请核对 --server 的地址，并确认服务已启动。",
                    en: "Check the address given with --server, and that the server runs."
                )
            )
        case .unreadable(let status):
            Problem(
                code: "server.answer_unreadable",
                title: Phrase(zh: "看不懂服务的应答。", en: "The server's answer cannot be read."),
                location: Phrase(zh: "--server", en: "--server"),
                cause: Phrase(zh: "状态 \(status)，且不是本程序的问题格式。", en: "Status \(status), and no problem of this program."),
                remedy: Phrase(zh: "请核对地址是否指向凭桥服务。", en: "Check that the address is that of a 凭桥 server.")
            )
        }
    }
}
