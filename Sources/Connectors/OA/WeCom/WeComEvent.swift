import Cryptography
package import Kernel
import Markup

/// The outer form of a callback of 企业微信, in XML or JSON.
struct WeComEnvelope {
    let encrypted: String
    let signature: String
    let timestamp: String
    let nonce: String

    static let bodyLimit = 1 << 20

    /// `nil` if a part is missing, or the body is of neither form.
    ///
    /// - Parameter body: Empty where the console checks the address: then the text stands in the address.
    init?(query: [String: String], body: [UInt8]) {
        guard let signature = query["msg_signature"], let timestamp = query["timestamp"], let nonce = query["nonce"]
        else { return nil }
        // Some write the plus of Base64 into an address as it is, and it is read as a blank.
        let echo = query["echostr"]?.replacing(" ", with: "+")
        let encrypted = body.isEmpty ? echo : WeComLeaves(body)?.first(ending: "encrypt")
        guard let encrypted, !encrypted.isEmpty else { return nil }
        self.encrypted = encrypted
        self.signature = signature
        self.timestamp = timestamp
        self.nonce = nonce
    }

    func open(with cipher: CallbackCipher) throws(CallbackCipher.Refusal) -> [UInt8] {
        try cipher.open(encrypted: encrypted, signature: signature, timestamp: timestamp, nonce: nonce)
    }
}

/// What an event of 企业微信 says of an approval.
struct WeComEvent {
    let number: String
    let status: String
    let change: String
    /// The last act it knows of, in seconds since 1970; `0` where it names none.
    let moment: Int64

    /// `nil` if the text is of neither form, or no event of the approval application.
    init?(_ text: [UInt8]) {
        guard let leaves = WeComLeaves(text), leaves.first(ending: "event") == "sys_approval_change",
            let number = leaves.first(ending: "approvalinfo.spno"), !number.isEmpty
        else { return nil }
        self.number = number
        status = leaves.first(ending: "approvalinfo.spstatus") ?? ""
        change = leaves.first(ending: "approvalinfo.statuchangeevent") ?? ""
        moment = leaves.all(ending: ["sptime", "commenttime"]).compactMap { Int64($0) }.max() ?? 0
    }

    /// As it is stored. The vendor delivers one event to every application that asked; they differ in nothing kept here.
    init?(stored: [UInt8]) {
        guard let json = try? JSON(parsing: stored), let number = json["sp_no"]?.string, !number.isEmpty else {
            return nil
        }
        self.number = number
        status = json["sp_status"]?.string ?? ""
        change = json["change"]?.string ?? ""
        moment = Int64(json["moment"]?.integer ?? 0)
    }

    init(number: String, status: String) {
        self.number = number
        self.status = status
        change = ""
        moment = 0
    }

    /// One approval has many events; a batch of approvals has one second. Neither alone tells events apart.
    var key: String { "\(number):\(change):\(status):\(moment)" }

    var stored: JSON {
        [
            "sp_no": .string(number), "sp_status": .string(status), "change": .string(change),
            "moment": .integer(moment),
        ]
    }

    /// Whether it can tell of an outcome: comments and reminders cannot, whatever the state is they come with.
    var tellsOfOutcome: Bool { ["2", "6", "7", "10"].contains(status) && !["5", "10"].contains(change) }
}

/// The texts of a message by their paths, whichever of the two forms it is written in.
///
/// Repeated elements are plain siblings in the one and lists in the other; here both are the same path several times.
struct WeComLeaves {
    private var leaves: [(path: String, text: String)] = []

    init?(_ message: [UInt8]) {
        let first = message.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") {
            guard let json = try? JSON(parsing: message, limits: JSON.Limits(bytes: WeComEnvelope.bodyLimit)) else {
                return nil
            }
            collect(json, path: "")
        } else {
            let limits = XMLLimits(bytes: WeComEnvelope.bodyLimit, depth: 16, nodes: 20_000)
            guard let root = try? parseXML(message, limits: limits), root.name == "xml" else { return nil }
            for child in root.children { collect(child, path: "") }
        }
    }

    func first(ending suffix: String) -> String? { leaves.first { Self.matches($0.path, suffix) }?.text }

    func all(ending suffixes: [String]) -> [String] {
        leaves.filter { leaf in suffixes.contains { Self.matches(leaf.path, $0) } }.map(\.text)
    }

    /// Paths are compared from their beginning where the suffix has a point, and by their last name otherwise.
    private static func matches(_ path: String, _ suffix: String) -> Bool {
        path == suffix || (!suffix.contains(".") && path.hasSuffix("." + suffix))
    }

    private mutating func collect(_ element: XMLElement, path: String) {
        let path = path.isEmpty ? element.name.lowercased() : path + "." + element.name.lowercased()
        guard !element.children.isEmpty else { return leaves.append((path, element.trimmed)) }
        for child in element.children { collect(child, path: path) }
    }

    private mutating func collect(_ json: JSON, path: String) {
        switch json {
        case .object(let members):
            for member in members {
                let name = member.name.lowercased()
                collect(member.value, path: path.isEmpty ? name : path + "." + name)
            }
        case .array(let values): for value in values { collect(value, path: path) }
        case .string(let text), .number(let text): leaves.append((path, text))
        case .bool, .null: break
        }
    }
}

/// Runs recorded callbacks against the decoder, for `pingqiao oa decode wecom`.
package enum WeComVectors {
    /// - Parameter json: A list of cases as in `corpus/oa/wecom/vectors.json`.
    package static func decode(_ json: JSON) -> JSON { CallbackVectors.report(json, decoding: result) }

    private static func result(of vector: JSON) -> Result<[UInt8], CallbackVectors.Refusal> {
        let isCheck = vector["kind"]?.string == "url_verify"
        guard
            let cipher = CallbackCipher(
                token: vector["token"]?.string ?? "", aesKey: vector["aeskey"]?.string ?? "",
                receivers: [vector["receiver_id"]?.string ?? ""]
            ),
            let envelope = WeComEnvelope(
                query: CallbackVectors.query(of: vector),
                body: isCheck ? [] : Array((vector["body"]?.string ?? "").utf8))
        else { return .failure(.badBody) }
        do throws(CallbackCipher.Refusal) {
            return .success(try envelope.open(with: cipher))
        } catch {
            return .failure(CallbackVectors.Refusal(error))
        }
    }
}
