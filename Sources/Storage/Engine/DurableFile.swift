import Foundation
import Kernel

/// The system calls that put a file on the disk so that it stays there.
enum DurableFile {
    /// Writes under a temporary name, then renames: the name never stands for half a file.
    static func write(_ bytes: [UInt8], to path: String, by temporary: String) throws(StoreError) {
        do throws(StoreError) {
            try write(bytes, to: temporary)
            guard rename(temporary, path) == 0 else { throw failure("rename", temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    static func read(_ path: String) throws(StoreError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return Array(bytes[..<done]) }
            done += count
        }
        return bytes
    }

    static func makeFolder(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 {
            // The name of a new folder lies in its parent.
            try synchronise(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        } else if errno != EEXIST {
            throw failure("mkdir", path)
        }
    }

    static func synchronise(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    /// Removes the files of a folder that nobody has written to since an instant.
    static func sweep(_ folder: String, before limit: Timestamp) throws(StoreError) {
        guard let listing = opendir(folder) else { throw failure("opendir", folder) }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                Int64(status.st_mtim.tv_sec) * 1_000_000 < limit.microseconds
            else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    private static func failure(_ call: String, _ path: String) -> StoreError {
        let reason = "\(call) \(path): \(String(cString: strerror(errno)))"
        return switch (errno, call) {
        case (ENOSPC, _), (EDQUOT, _): .full(reason: reason)
        case (_, "fsync"): .failed(reason: reason)
        default: .unavailable(reason: reason)
        }
    }
}
