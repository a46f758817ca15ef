import Kernel

extension OFDPackage {
    /// The most signatures one document may have.
    private static let signatureLimit = 32

    /// What is known of the document's signatures: which there are, and what each covers.
    ///
    /// The findings say that nothing has been verified; mathematics and trust are answered elsewhere.
    mutating func signatureFindings(absent: SignatureFinding) throws(EvidenceError) -> [SignatureFinding] {
        guard let location = body.first("Signatures")?.value else { return [absent] }
        guard let listPath = try locate(location, from: "") else { return [.unverified(covers: [])] }
        var findings: [SignatureFinding] = []
        for element in try xml(listPath).all("Signature").prefix(Self.signatureLimit) {
            guard let location = element.attribute("BaseLoc"), let path = try locate(location, from: listPath) else {
                findings.append(.unverified(covers: []))
                continue
            }
            let references = try xml(path).at("SignedInfo", "References")?.all("Reference") ?? []
            var covers: [String] = []
            for reference in references {
                if let file = reference.attribute("FileRef") {
                    covers.append(try resolvePath(file, from: folder(of: path)))
                }
            }
            findings.append(.unverified(covers: covers))
        }
        return findings.isEmpty ? [absent] : findings
    }
}
