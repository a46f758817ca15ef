import Cryptography
package import Kernel
import NIOPosix

/// Files that are kept for ever under the SHA-256 of their bytes: `files/ab/cdef…` (原件).
///
/// For originals too large for a table. A file that was put is on the disk, name and all, before `put` returns; so a
/// row that names it is written afterwards.
package final class OriginalFiles: Sendable {
    /// An original up to this size lies in a table instead.
    package static let tableLimit = 64 << 10

    private let folder: String
    private let threads: NIOThreadPool

    /// No file takes a day to be written; what is older was left by a process that was killed.
    private static let sweepSeconds: Int64 = 24 * 3600

    /// `folder` is the data folder; `files` is made in it, and swept of what was never finished.
    package init(in folder: String, at now: Timestamp, threads count: Int = 2) throws(StoreError) {
        self.folder = folder + "/files"
        try DurableFile.makeFolder(self.folder)
        try DurableFile.makeFolder(self.folder + "/new")
        try DurableFile.synchronise(folder)
        try DurableFile.sweep(self.folder + "/new", before: now.adding(seconds: -Self.sweepSeconds))
        threads = NIOThreadPool(numberOfThreads: max(1, count))
        threads.start()
    }

    package func put(_ bytes: [UInt8]) async throws -> Digest {
        try await put([bytes])[0]
    }

    /// Puts several files; their folders are made durable together.
    package func put(_ files: [[UInt8]]) async throws -> [Digest] {
        try await onThread { [self] in
            let digests = files.map(sha256)
            var folders: Set<String> = []
            for (bytes, digest) in zip(files, digests) { folders.insert(try write(bytes, digest)) }
            for folder in folders.sorted() { try DurableFile.synchronise(folder) }
            return digests
        }
    }

    /// The bytes of a file; `nil` if there is none with this name.
    package func get(_ digest: Digest) async throws -> [UInt8]? {
        try await onThread { [self] in try DurableFile.read(path(of: digest)) }
    }

    /// The same on the caller's own thread, for those that may block.
    func read(_ digest: Digest) throws(StoreError) -> [UInt8]? { try DurableFile.read(path(of: digest)) }

    /// Whether the file is there with the bytes it is named after.
    package func verify(_ digest: Digest) async throws -> Verification {
        try await onThread { [self] in
            guard let bytes = try DurableFile.read(path(of: digest)) else { return .missing }
            return sha256(bytes) == digest ? .intact : .damaged
        }
    }

    package enum Verification: Hashable, Sendable {
        case intact
        case damaged
        case missing
    }

    package func close() async throws {
        try await threads.shutdownGracefully()
    }

    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await threads.runIfActive(body)
        } catch is CancellationError where !Task.isCancelled {
            throw StoreError.closed
        }
    }

    private func path(of digest: Digest) -> String {
        "\(folder)/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    }

    /// Writes a file under its name and returns the folder, which is to be made durable.
    private func write(_ bytes: [UInt8], _ digest: Digest) throws(StoreError) -> String {
        let inner = "\(folder)/\(digest.hex.prefix(2))"
        let path = path(of: digest)
        try DurableFile.makeFolder(inner)
        // One that is there may come from a put that was cut off: it counts only if it is whole.
        if try DurableFile.read(path) == bytes {
            try DurableFile.synchronise(path)
        } else {
            let temporary = "\(folder)/new/\(randomBytes(16).hex)"
            try DurableFile.write(bytes, to: path, by: temporary)
        }
        return inner
    }
}
