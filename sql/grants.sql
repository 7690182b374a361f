-- Least rights for the PrestaShop integration. Run as a member of sysadmin, in SQLCMD mode:
--   sqlcmd -S server -i grants.sql -v Company=TWO System=DYNAMICS Login=gp_prestashop
-- Create the login first, with a password of your own:
--   CREATE LOGIN [gp_prestashop] WITH PASSWORD = N'...', CHECK_POLICY = ON;
--
-- Membership of DYNGRP would do as well, but gives every right on every table of GP. An eConnect procedure runs with
-- its owner's rights on the tables it touches (ownership chaining within dbo), so EXECUTE on it is enough. It also
-- reads and writes the system database and tempdb..DEX_LOCK: where the company database is not in the same ownership
-- chain (cross-database chaining off, which is the default), add the user to DYNGRP in the system database; see the
-- last section.

-- :setvar Company TWO
-- :setvar System DYNAMICS
-- :setvar Login gp_prestashop

USE [$(Company)];
GO
IF USER_ID(N'$(Login)') IS NULL CREATE USER [$(Login)] FOR LOGIN [$(Login)];
IF DATABASE_PRINCIPAL_ID(N'GPPS_READER') IS NULL CREATE ROLE [GPPS_READER] AUTHORIZATION [dbo];
IF DATABASE_PRINCIPAL_ID(N'GPPS_WRITER') IS NULL CREATE ROLE [GPPS_WRITER] AUTHORIZATION [dbo];
GO
-- What is read: guards, look-ups, batches, fiscal periods, reconciliation, change polling.
GRANT SELECT ON [dbo].[SOP10100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10103] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10105] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10106] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP30200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP30300] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP40100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP40200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM00101] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM00102] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM00201] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM00401] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY00500] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY01200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY03000] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY03300] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY40100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00101] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV40201] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV40202] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV40700] TO [GPPS_READER];
GRANT SELECT ON [dbo].[TX00101] TO [GPPS_READER];
GRANT SELECT ON [dbo].[TX00201] TO [GPPS_READER];
GRANT SELECT ON [dbo].[CM00100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[GL00105] TO [GPPS_READER];
GRANT SELECT ON [dbo].[GL20000] TO [GPPS_READER];  -- the nightly look at postings
GRANT SELECT ON [dbo].[MC40000] TO [GPPS_READER];
-- Cash receipts, credit memos and what they are applied to; exchange tables; holds and links that an edit must respect.
GRANT SELECT ON [dbo].[RM10201] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM10301] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM20101] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM30101] TO [GPPS_READER];
GRANT SELECT ON [dbo].[RM20201] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC020102] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC40100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC40301] TO [GPPS_READER];
GRANT SELECT ON [dbo].[TX00102] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP00100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10104] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP60100] TO [GPPS_READER];
-- The way to the shop: items, prices, quantities, vendors' names, tracking numbers.
GRANT SELECT ON [dbo].[IV00102] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00103] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00104] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00105] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00107] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV00108] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV40400] TO [GPPS_READER];
GRANT SELECT ON [dbo].[IV40800] TO [GPPS_READER];
GRANT SELECT ON [dbo].[PM00200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SOP10107] TO [GPPS_READER];
GO
-- What is called. Leave these out when the web services write instead (GPPS_GP__WRITER=webservices).
GRANT EXECUTE ON [dbo].[taUpdateCreateCustomerRcd] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taCreateCustomerAddress] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taCreateInternetAddresses] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopLineIvcInsert] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopLineIvcTaxInsert] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopUserDefined] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopHdrIvcInsert] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taCreateSopPaymentInsertRecord] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopLineIvcInsertComponent] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopLineDelete] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopVoidDocument] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taSopUpdateCreateProcessHold] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taRMCashReceiptInsert] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taRMTransaction] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taRMTransactionTaxInsert] TO [GPPS_WRITER];
GRANT EXECUTE ON [dbo].[taRMApply] TO [GPPS_WRITER];
GO
ALTER ROLE [GPPS_READER] ADD MEMBER [$(Login)];
ALTER ROLE [GPPS_WRITER] ADD MEMBER [$(Login)];
GO

USE [$(System)];
GO
IF USER_ID(N'$(Login)') IS NULL CREATE USER [$(Login)] FOR LOGIN [$(Login)];
IF DATABASE_PRINCIPAL_ID(N'GPPS_READER') IS NULL CREATE ROLE [GPPS_READER] AUTHORIZATION [dbo];
GO
GRANT SELECT ON [dbo].[SY01500] TO [GPPS_READER];
GRANT SELECT ON [dbo].[SY00800] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC40200] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC60100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC40300] TO [GPPS_READER];
GRANT SELECT ON [dbo].[MC00100] TO [GPPS_READER];
GRANT SELECT ON [dbo].[taErrorCode] TO [GPPS_READER];
GO
ALTER ROLE [GPPS_READER] ADD MEMBER [$(Login)];
GO

-- Only where a test order fails with "permission denied" on an object of the system database: the procedures reach
-- across databases there, and the login needs GP's own role.
-- IF DATABASE_PRINCIPAL_ID(N'DYNGRP') IS NOT NULL ALTER ROLE [DYNGRP] ADD MEMBER [$(Login)];
-- GO
