import Kernel
import Pipeline

/// An answer of 钉钉, whose errors come in two generations: `{"code", "message"}` with a status, and `{"errcode",
/// "errmsg", "sub_code"}` with status 200.
struct DingTalkReply {
    private let answer: SafeHTTP.Answer
    private let body: JSON?

    init(_ answer: SafeHTTP.Answer) {
        self.answer = answer
        body = try? JSON(parsing: answer.body)
    }

    /// The codes of an error; empty where there is none.
    private var codes: [String] {
        ["code", "errcode", "sub_code", "subCode"].compactMap { name in
            switch body?[name] {
            case .string(let text): text
            case .number(let text): text == "0" ? nil : text
            default: nil
            }
        }
    }

    /// Plain expiry shows itself under each of these.
    var isInvalidToken: Bool {
        let known: Set<String> = ["InvalidAuthentication", "40014", "42001", "33001"]
        return answer.status == 401 || codes.contains(where: known.contains)
    }

    private var isThrottled: Bool {
        let known: Set<String> = ["90002", "90018", "90006", "90005"]
        return answer.status == 429 || codes.contains { $0.hasPrefix("Throttling") || known.contains($0) }
    }

    private var reason: String {
        let message = body?["message"]?.string ?? body?["errmsg"]?.string ?? body?["sub_msg"]?.string ?? ""
        return "HTTP \(answer.status) \(codes.joined(separator: " ")) \(message)".prefix(200).description
    }

    /// The answer where it is one of success.
    func json(connector: String, address: String, isRepeatable: Bool) throws(ConnectorError) -> JSON {
        if isThrottled {
            throw .throttled(connector: connector, retryAfterSeconds: answer.retryAfterSeconds ?? 60)
        }
        // What the vendor did before it failed, or before something between us and it did, is not known.
        let failure: ConnectorError =
            isRepeatable
            ? .unreachable(connector: connector, address: address, reason: reason)
            : .outcomeUnknown(connector: connector, address: address)
        if answer.status >= 500 || codes.contains("-1") { throw failure }
        guard (200..<300).contains(answer.status) else {
            throw .refused(connector: connector, address: address, reason: reason)
        }
        guard let body, body.members != nil else { throw failure }
        let success = body["success"]
        guard codes.isEmpty, success?.bool != false, success?.string != "false" else {
            throw .refused(connector: connector, address: address, reason: reason)
        }
        return body
    }
}
