-- Optional indexes. Run in SQLCMD mode: sqlcmd -S server -i indexes.sql -v Company=TWO
-- GP's upgrades rebuild tables and do not know these: drop them before an upgrade and run this again after it.
--
-- Change polling asks for rows with DEX_ROW_TS >= a moment. GP has no index on it, so a poll reads the whole table;
-- on companies with more than some 100,000 rows in one of these tables an index pays.

-- :setvar Company TWO

USE [$(Company)];
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP10100_TS' AND object_id = OBJECT_ID(N'dbo.SOP10100'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP10100_TS] ON [dbo].[SOP10100] ([DEX_ROW_TS], [DEX_ROW_ID]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP30200_TS' AND object_id = OBJECT_ID(N'dbo.SOP30200'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP30200_TS] ON [dbo].[SOP30200] ([DEX_ROW_TS], [DEX_ROW_ID]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP10200_TS' AND object_id = OBJECT_ID(N'dbo.SOP10200'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP10200_TS] ON [dbo].[SOP10200] ([DEX_ROW_TS], [DEX_ROW_ID]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_RM00101_TS' AND object_id = OBJECT_ID(N'dbo.RM00101'))
    CREATE NONCLUSTERED INDEX [GPPS_RM00101_TS] ON [dbo].[RM00101] ([DEX_ROW_TS], [DEX_ROW_ID]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_RM00102_TS' AND object_id = OBJECT_ID(N'dbo.RM00102'))
    CREATE NONCLUSTERED INDEX [GPPS_RM00102_TS] ON [dbo].[RM00102] ([DEX_ROW_TS], [DEX_ROW_ID]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_IV00101_TS' AND object_id = OBJECT_ID(N'dbo.IV00101'))
    CREATE NONCLUSTERED INDEX [GPPS_IV00101_TS] ON [dbo].[IV00101] ([DEX_ROW_TS], [DEX_ROW_ID]);
GO
-- Deposits are reconciled by their document number; SOP10103's key begins with the sales document.
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP10103_DOC' AND object_id = OBJECT_ID(N'dbo.SOP10103'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP10103_DOC] ON [dbo].[SOP10103] ([DOCNUMBR])
        INCLUDE ([CURNCYID], [OAMTPAID], [AMNTPAID], [TRXSORCE]);
GO
-- Invoices and back orders are found by the document that they came from (fulfilment, receipts to apply).
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP10100_FROM' AND object_id = OBJECT_ID(N'dbo.SOP10100'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP10100_FROM] ON [dbo].[SOP10100] ([ORIGNUMB], [SOPTYPE]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'GPPS_SOP30200_FROM' AND object_id = OBJECT_ID(N'dbo.SOP30200'))
    CREATE NONCLUSTERED INDEX [GPPS_SOP30200_FROM] ON [dbo].[SOP30200] ([ORIGNUMB], [SOPTYPE]);
GO
-- To take them out again:
-- DROP INDEX [GPPS_SOP10100_TS] ON [dbo].[SOP10100];
-- DROP INDEX [GPPS_SOP30200_TS] ON [dbo].[SOP30200];
-- DROP INDEX [GPPS_SOP10200_TS] ON [dbo].[SOP10200];
-- DROP INDEX [GPPS_RM00101_TS] ON [dbo].[RM00101];
-- DROP INDEX [GPPS_RM00102_TS] ON [dbo].[RM00102];
-- DROP INDEX [GPPS_IV00101_TS] ON [dbo].[IV00101];
-- DROP INDEX [GPPS_SOP10103_DOC] ON [dbo].[SOP10103];
-- DROP INDEX [GPPS_SOP10100_FROM] ON [dbo].[SOP10100];
-- DROP INDEX [GPPS_SOP30200_FROM] ON [dbo].[SOP30200];
