import Cryptography
import Foundation
import Kernel
import Storage
import Testing

@Suite("OriginalFiles")
struct OriginalFilesTests {
    private func withFiles(_ body: (OriginalFiles, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/pq-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try OriginalFiles(in: folder, at: .test)
        try await body(files, folder)
        try await files.close()
    }

    @Test("keeps bytes under their hash, once", arguments: [0, 1, 100_000])
    func keeps(size: Int) async throws {
        try await withFiles { files, folder in
            let bytes = [UInt8](repeating: 5, count: size)
            let digest = try await files.put(bytes)
            #expect(digest == sha256(bytes))
            #expect(try await files.put(bytes) == digest)
            #expect(try await files.get(digest) == bytes)
            #expect(try await files.verify(digest) == .intact)
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder + "/files").filter { $0.count > 60 }
            #expect(names == ["\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/files/new").isEmpty)
        }
    }

    @Test("puts many together, also the same ones at once")
    func many() async throws {
        try await withFiles { files, _ in
            let contents = (0..<40).map { [UInt8](repeating: UInt8($0 % 20), count: 1_000) }
            async let first = files.put(contents)
            async let second = files.put(contents)
            let digests = try await first
            #expect(try await second == digests)
            #expect(Set(digests).count == 20)
            for (digest, content) in zip(digests, contents) { #expect(try await files.get(digest) == content) }
        }
    }

    @Test("finds what is missing or damaged, and mends it when it is put again")
    func damage() async throws {
        try await withFiles { files, folder in
            let bytes = Array("an original".utf8)
            let digest = sha256(bytes)
            #expect(try await files.get(digest) == nil)
            #expect(try await files.verify(digest) == .missing)
            _ = try await files.put(bytes)
            let path = "\(folder)/files/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
            try Data("another".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try await files.verify(digest) == .damaged)
            _ = try await files.put(bytes)
            #expect(try await files.verify(digest) == .intact)
        }
    }

    @Test("sweeps away what a killed process left unfinished, after a day and not before")
    func sweeps() async throws {
        try await withFiles { files, folder in
            let digest = try await files.put([1, 2, 3])
            let old = folder + "/files/new/old"
            let young = folder + "/files/new/young"
            let now = Timestamp.test
            for (path, age) in [(old, 24 * 3600 + 1), (young, 24 * 3600)] {
                try Data([9]).write(to: URL(fileURLWithPath: path))
                let written = Int(now.microseconds / 1_000_000) - age
                var times = utimbuf(actime: written, modtime: written)
                #expect(utime(path, &times) == 0)
            }
            let next = try OriginalFiles(in: folder, at: now)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/files/new") == ["young"])
            #expect(try await next.verify(digest) == .intact)
            try await next.close()
        }
    }
}
