import Cryptography
import Foundation
import Kernel
import Testing

/// The openssl program makes keys, certificates and signatures; what is read and verified here must agree with it.
@Suite("Certificate")
struct CertificateTests {
    private static let program = "/usr/bin/openssl"

    private static func openssl(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }

    @Test("agrees with openssl on signature, chain and time", arguments: ["sm2", "rsa", "ec"])
    func agrees(kind: String) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.program) else {
            print("skipped: no openssl program, \(kind)")
            return
        }
        let folder = URL.temporaryDirectory.appending(path: "pingqiao-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func run(_ line: String) throws { try Self.openssl(line.split(separator: " ").map(String.init), in: folder) }
        func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }
        let key =
            switch kind {
            case "sm2": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out"
            case "rsa": "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out"
            default: "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out"
            }
        let digest = kind == "sm2" ? "-sm3" : "-sha256"
        let identity = kind == "sm2" ? " -sigopt distid:1234567812345678" : ""
        let verified = kind == "sm2" ? " -vfyopt distid:1234567812345678" : ""
        for name in ["root", "leaf"] { try run("\(key) \(name).key") }
        try run("req -x509 -new -key root.key \(digest) -subj /CN=Root -days 30 -out root.pem" + identity)
        try run("req -new -key leaf.key \(digest) -subj /CN=Leaf -out leaf.csr" + identity)
        try run(
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial \(digest) -days 9 -out leaf.pem"
                + identity + verified)
        try Data("凭证".utf8).write(to: folder.appending(path: "text"))
        try run("dgst \(digest) -sign leaf.key\(identity) -out text.sig text")
        let roots = Certificate.certificates(pem: String(decoding: try read("root.pem"), as: UTF8.self))
        let leaf = try #require(
            Certificate.certificates(pem: String(decoding: try read("leaf.pem"), as: UTF8.self)).first)
        #expect(leaf.subject == "Leaf" && leaf.issuer == "Root" && roots.map(\.subject) == ["Root"])
        let scheme: SignatureScheme = kind == "sm2" ? .sm2 : kind == "rsa" ? .rsa(.sha256) : .ecdsa(.sha256)
        let signature = try read("text.sig")
        #expect(leaf.key.verifies(signature, over: Array("凭证".utf8), scheme))
        #expect(!leaf.key.verifies(signature, over: Array("凭征".utf8), scheme))
        #expect(!roots[0].key.verifies(signature, over: Array("凭证".utf8), scheme))
        #expect(!leaf.key.verifies(signature, over: Array("凭证".utf8), kind == "sm2" ? .rsa(.sha256) : .sm2))
        #expect(!leaf.key.verifies([], over: Array("凭证".utf8), scheme))

        let list = TrustList(roots: roots)
        let inside = leaf.notBefore.adding(seconds: 60)
        #expect(list.judge(leaf, with: [], at: inside) == .trusted(root: "Root"))
        #expect(list.judge(leaf, with: [], at: leaf.notAfter.adding(seconds: -1)) == .trusted(root: "Root"))
        #expect(list.judge(leaf, with: [], at: leaf.notAfter) == .expired(on: leaf.notAfter))
        #expect(
            list.judge(leaf, with: [], at: leaf.notBefore.adding(seconds: -1)) == .notYetValid(from: leaf.notBefore))
        #expect(TrustList.empty.judge(leaf, with: roots, at: inside) == .unknownIssuer("Root"))
        #expect(TrustList(roots: [leaf]).judge(roots[0], with: [], at: inside) == .unknownIssuer("Root"))
    }
}
