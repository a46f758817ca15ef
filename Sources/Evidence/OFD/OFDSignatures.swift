import Cryptography
import Kernel
import Markup

/// The signatures of one OFD document (GB/T 33190-2016, section 18): which there are, and what each is worth.
struct OFDSignatures {
    private var package: OFDPackage
    private let trust: TrustList?
    private let listPath: String
    /// Several signatures mostly cover the same parts.
    private var digests: [DigestKey: [UInt8]] = [:]

    /// The most signatures one document may have, and the most parts each may cover.
    private static let signatureLimit = 32
    private static let referenceLimit = 4_000

    private struct DigestKey: Hashable {
        let path: String
        let function: HashFunction
    }

    private enum Answer {
        case told(SignatureFinding)
        case examined(SignatureExamination)
    }

    /// What was found of each signature, whatever data of the document is asked about.
    private var answers: [Answer] = []

    /// Reads and verifies the signatures of a document.
    ///
    /// - Parameter trust: Whom to trust; `nil` only lists the signatures, which takes no mathematics.
    init(of package: OFDPackage, trust: TrustList?) throws(EvidenceError) {
        self.package = package.recounted
        self.trust = trust
        guard let location = package.body.first("Signatures")?.value else {
            listPath = ""
            return
        }
        guard let path = try package.locate(location, from: "") else {
            listPath = ""
            answers = [.told(.notFound)]
            return
        }
        listPath = path
        try read()
    }

    /// The findings, of use for one part of the document only where they cover it.
    ///
    /// - Parameters:
    ///   - data: The part the fields of the voucher come from; empty where no single part holds them.
    ///   - absent: The finding where there is no signature.
    func findings(on data: String, absent: SignatureFinding) -> [SignatureFinding] {
        guard !answers.isEmpty else { return [absent] }
        return answers.map { answer in
            switch answer {
            case .told(let finding): return finding
            case .examined(var examination):
                examination.judgement.coversData = data.isEmpty || examination.covers.contains(data)
                return examination.finding(by: trust ?? .empty)
            }
        }
    }

    private mutating func read() throws(EvidenceError) {
        let elements = try package.xml(listPath).all("Signature").prefix(Self.signatureLimit)
        for (index, element) in elements.enumerated() {
            guard let location = element.attribute("BaseLoc"), let path = try package.locate(location, from: listPath),
                let bytes = try package.bytes(path)
            else {
                answers.append(.told(.notFound))
                continue
            }
            let description = try readXML(part: path, bytes)
            let references = try references(of: description, at: path)
            guard trust != nil else {
                answers.append(.told(.unverified(covers: references.map(\.path))))
                continue
            }
            var examination = SignatureExamination(description, at: path)
            try compare(references, in: &examination, isLast: index == elements.count - 1)
            if let value = description.first("SignedValue")?.value,
                let valuePath = try package.locate(value, from: path), let content = try package.bytes(valuePath)
            {
                examination.examine(content, description: bytes)
            } else {
                examination.judgement.obstacle = .notFound
            }
            answers.append(.examined(examination))
        }
    }

    private struct Reference {
        let path: String
        let written: String
        let expected: [UInt8]?
    }

    private func references(of description: XMLElement, at path: String) throws(EvidenceError) -> [Reference] {
        var found: [Reference] = []
        let elements = description.at("SignedInfo", "References")?.all("Reference") ?? []
        for element in elements.prefix(Self.referenceLimit) {
            guard let written = element.attribute("FileRef") else { continue }
            var target = try package.locate(written, from: path)
            if target == nil { target = try resolvePath(written, from: folder(of: path)) }
            found.append(
                Reference(
                    path: target ?? written, written: written,
                    expected: element.first("CheckValue").flatMap { Base64.decode($0.text, lenient: true) }
                )
            )
        }
        return found
    }

    /// Compares each digest the signature states with that of the part it names.
    private mutating func compare(
        _ references: [Reference], in examination: inout SignatureExamination, isLast: Bool
    ) throws(EvidenceError) {
        let method = examination.checkMethod
        let function = hashFunction(method)
        if function == nil { examination.judgement.obstacle = .digestMethod(method) }
        for reference in references {
            examination.covers.append(reference.path)
            guard package.archive.contains(reference.path) else {
                examination.missing.append(reference.written)
                continue
            }
            if let function, let expected = reference.expected, try digest(reference.path, function) == expected {
                examination.good += 1
            } else {
                examination.failing.append(reference.written)
            }
        }
        let covered = Set(examination.covers)
        let own = folder(of: listPath) + "/"
        examination.notCovered = package.archive.entries.filter { entry in
            !entry.isFolder && !covered.contains(entry.name) && !entry.name.hasPrefix(own) && entry.name != listPath
        }.map(\.name).sorted()
        examination.judge(listOfSignatures: isLast ? nil : listPath)
    }

    private mutating func digest(_ path: String, _ function: HashFunction) throws(EvidenceError) -> [UInt8]? {
        let key = DigestKey(path: path, function: function)
        if let known = digests[key] { return known }
        guard let bytes = try package.bytes(path) else { return nil }
        let digest = hash(bytes, with: function)
        digests[key] = digest
        return digest
    }
}

extension SignatureFinding {
    fileprivate static let notFound = SignatureJudgement(obstacle: .notFound)
        .finding(covers: [], details: [], by: .empty)
}
